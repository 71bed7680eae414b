import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Returns the PEM certificates of a file; null if it is unreadable or has no valid ones. */
export function readCertificates(file: string): string | null {
  try {
    const certificates = readFileSync(file, 'utf8').match(PEM) ?? [];
    for (const certificate of certificates) new X509Certificate(certificate);
    return certificates.length > 0 ? certificates.join('\n') : null;
  } catch {
    return null;
  }
}
