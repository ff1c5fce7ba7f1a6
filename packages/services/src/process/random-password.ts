import { randomBytes } from 'node:crypto';
import { markSecret } from '@chaos/spec';

/**
 * A random password: 32 letters and digits (about 190 bits), so that it needs no escaping in a URL, in JSON, in SQL or
 * in a configuration file. It is marked as a secret.
 */
export function randomPassword(): string {
  let password = '';
  while (password.length < 32)
    password += randomBytes(64)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '');
  password = password.slice(0, 32);
  markSecret(password);
  return password;
}
