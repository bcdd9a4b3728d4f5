import { readFileSync } from 'node:fs';

/** Settings of the provider and of the program that gets a person's token; `docker-compose.yml` sets them all. */

const required = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set.`);
  return value;
};

const secretIn = (name) => readFileSync(required(name), 'utf8').trim();

export const settings = () => ({
  /** Address under which browsers and Rolebook both reach the provider; with port 0 a free one is taken. */
  issuer: new URL(required('ISSUER')),
  /** Address to listen on; left out: the issuer's. */
  host: process.env.HOST,
  /** Audience of access tokens, a URI: that of the API they are for. */
  audience: required('AUDIENCE'),
  /** Account of everybody here. */
  account: required('ACCOUNT'),
  /** Folder of the keys. */
  folder: required('DATA_DIR'),
  /** Password of everybody here. */
  password: secretIn('PASSWORD_FILE'),
  /** Secret of the client `service`. */
  serviceSecret: secretIn('SERVICE_SECRET_FILE'),
  /** Address to which the client `console` has people sent back. */
  callback: required('CALLBACK'),
});
