import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The text of a file of certificates in PEM; null where it cannot be read or holds none. */
export function readCertificates(file: string): string | null {
  try {
    const certificates = readFileSync(file, 'utf8').match(PEM) ?? [];
    for (const certificate of certificates) new X509Certificate(certificate);
    return certificates.length > 0 ? certificates.join('\n') : null;
  } catch {
    return null;
  }
}
