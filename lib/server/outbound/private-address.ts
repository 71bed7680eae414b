/** Rejects private addresses, to which only an administrator may point the server. */
import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const RESERVED_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
];
// IPv4 addresses mapped into IPv6 are checked as IPv4; translated ones are all rejected.
const RESERVED_IPV6 = [
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const reserved = new BlockList();
for (const network of RESERVED_IPV4) add(network, 'ipv4');
for (const network of RESERVED_IPV6) add(network, 'ipv6');

function add(network: string, family: 'ipv4' | 'ipv6'): void {
  const [address = '', bits] = network.split('/');
  reserved.addSubnet(address, Number(bits), family);
}

/** Whether the address is loopback, private, link-local or otherwise not public. */
export function isPrivateAddress(address: string): boolean {
  return reserved.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

export class PrivateAddressError extends Error {
  constructor(host: string) {
    super(`${host} is a private address that is not configured`);
  }
}

/**
 * Checks a host that is an IP address; names are checked by `publicLookup` when they are resolved.
 * @throws PrivateAddressError
 */
export function rejectPrivateHost(host: string): void {
  if (isIP(host) && isPrivateAddress(host)) throw new PrivateAddressError(host);
}

/**
 * A DNS lookup that fails for names with a private address. The socket connects to exactly the
 * checked addresses, so a later change of the name's records has no effect.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    if (addresses.some(({ address }) => isPrivateAddress(address))) {
      return callback(new PrivateAddressError(hostname), []);
    }
    const [first] = addresses;
    if (options.all) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family);
  });
};
