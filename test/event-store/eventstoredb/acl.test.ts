import {
  isOpen,
  withDefaults,
  withReadersOfAll,
} from '../../../src/event-store/eventstoredb/administration/rights';

const parties = { service: 'rolebook', readers: 'rolebook-readers' };
const CLOSED = {
  $r: ['$admins', 'rolebook', 'rolebook-readers'],
  $w: ['$admins', 'rolebook'],
  $d: ['$admins'],
  $mr: ['$admins', 'rolebook', 'rolebook-readers'],
  $mw: ['$admins'],
};

describe('who may read $all', () => {
  it('is administrators alone, until the service and its readers are named', () => {
    const $r = ['$admins', 'rolebook', 'rolebook-readers'];
    expect(withReadersOfAll({}, parties)).toEqual({ $acl: { $r } });
  });

  it('stays who it was, with what else its metadata say', () => {
    const present = { other: 1, $acl: { $r: 'auditors', $mw: 'x' } };
    expect(withReadersOfAll(present, parties)).toEqual({
      other: 1,
      $acl: { $r: ['auditors', 'rolebook', 'rolebook-readers'], $mw: 'x' },
    });
    expect(withReadersOfAll({ $acl: { $r: '$all' } }, parties)).toEqual({ $acl: { $r: ['$all'] } });
  });
});

describe('the default rights', () => {
  it('of a server that others use too are left as they are, where they let the service in', () => {
    expect(withDefaults({}, parties, false)).toEqual({});
    expect(isOpen({})).toBe(true);
  });

  it('of a server of its own are closed', () => {
    const settings = withDefaults({ $systemStreamAcl: { $r: '$admins' } }, parties, true);
    expect(settings).toEqual({ $systemStreamAcl: { $r: '$admins' }, $userStreamAcl: CLOSED });
    expect(isOpen(settings)).toBe(false);
    expect(withDefaults(settings, parties, true)).toBe(settings);
  });

  it('let a second service in beside the first', () => {
    const first = withDefaults({}, parties, true);
    const both = withDefaults(first, { service: 'other', readers: 'other-readers' }, true);
    expect(both).toMatchObject({ $userStreamAcl: { $w: ['$admins', 'rolebook', 'other'], $d: ['$admins'] } });
  });

  it('that somebody has narrowed are only widened by the service and its readers', () => {
    const narrowed = { $userStreamAcl: { $r: '$all', $w: 'ouro', $d: 'ouro', $mr: 'ouro', $mw: 'ouro' } };
    expect(withDefaults(narrowed, parties, false)).toEqual({
      $userStreamAcl: {
        $r: ['$all'],
        $w: ['ouro', 'rolebook'],
        $d: ['ouro'],
        $mr: ['ouro', 'rolebook', 'rolebook-readers'],
        $mw: ['ouro'],
      },
    });
  });
});
