import { openEventStoreDb } from '../../../src/event-store/eventstoredb';
import { parseTarget } from '../../../src/event-store/eventstoredb/options';
import { EventStoreError } from '../../../src/event-store/port/event-store';

/** Address and credentials of a connection; no message about a fault in them holds the password. */
describe('a connection string of EventStoreDB', () => {
  const messageOf = async (url: string): Promise<string> => {
    const error: unknown = await openEventStoreDb({ url }).then(
      async (store) => {
        await store.close();
        return null;
      },
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof EventStoreError)) throw new Error(`${url} was not refused: ${String(error)}`);
    return error.message;
  };

  it('is handed to the client with a short time for gossip', () => {
    expect(parseTarget({ url: 'esdb://a:2113,b:2113/?tls=false' })).toEqual({
      connectionString: 'esdb://a:2113,b:2113?tls=false&gossipTimeout=1',
      cluster: true,
    });
    expect(parseTarget({ url: 'esdb://me:pw@a?gossip-timeout=3' }).connectionString).toBe(
      'esdb://me:pw@a?gossip-timeout=3',
    );
    expect(parseTarget({ url: 'esdb+discover://log' }).cluster).toBe(true);
    expect(parseTarget({ url: 'esdb://a:2113' }).cluster).toBe(false);
  });

  it('may have the newer name of the scheme, which the client does not know', () => {
    for (const rest of [
      '://a:2113?tls=false',
      '://me:pw@a:2113,b:2113',
      '+discover://me:pw@log:2113?tls=true',
    ])
      expect(parseTarget({ url: `kurrentdb${rest}` })).toEqual(parseTarget({ url: `esdb${rest}` }));
  });

  it('takes any user and password beside it', () => {
    const credentials = { username: 'role book', password: 'a:b@c/d?e%f&ü' };
    const { connectionString } = parseTarget({ url: 'esdb://other:pw@a:2113?tls=true', credentials });
    const [user, password] = (/\/\/(.*)@/.exec(connectionString)?.[1] ?? '')
      .split(':')
      .map(decodeURIComponent);
    expect({ username: user, password }).toEqual(credentials);
  });

  it.each([
    ['http://me:secret@a:2113', /must look like/],
    ['esdb://me:sec@ret@a:2113', /must look like/],
    ['kurrent://me:secret@a:2113', /must look like/],
    ['kurrentdb://me:sec@ret@a:2113', /must look like/],
    ['kurrentdb://me:secret@a:port', /not understood/],
    ['kurrentdb+discover://me:secret@a:2113?tls=perhaps', /not understood/],
    ['kurrentdb://me:secret@a:2113?tlsCaFiel=secret.crt', /option that is not known/],
    ['esdb://me:secret@a:port', /not understood/],
    ['esdb://me:secret@a:2113?tls=perhaps', /not understood/],
    ['esdb://me:secret@a:2113?nodePreference=secret', /not understood/],
    ['esdb://me:secret@a:2113?tls_verify_cert=false', /tlsCaFile/],
    ['esdb://me:secret@a:2113?tlsCaFiel=secret.crt', /option that is not known/],
    ['esdb://me:secret@a:2113?tlsCaFile=/there/is/none.crt', /certificate/],
  ])('%s is refused', async (url, why) => {
    const message = await messageOf(url);
    expect(message).toMatch(why);
    expect(message).not.toContain('secret');
    expect(message).not.toContain('sec@ret');
  });
});
