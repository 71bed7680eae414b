// Loaded into the app with `--require`: the process can connect only to this machine, as in an
// air-gapped network, and writes every rejected host to stderr. Plain JavaScript: the app has no
// loader for TypeScript.
const dns = require('node:dns');
const { Socket } = require('node:net');

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '::1']);

function rejectHost(host, callback) {
  process.stderr.write(`closed network: ${host}\n`);
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
  process.nextTick(callback, error);
}

const { lookup } = dns;
dns.lookup = (host, options, callback) => {
  if (LOCAL_HOSTS.has(host)) return lookup.call(dns, host, options, callback);
  rejectHost(host, callback ?? options);
};

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  // net.connect passes normalized arguments: an array of options and callback.
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const { host = 'localhost', path } = typeof first === 'object' ? first : { host: args[1] };
  const isAddress = /^[\d.]+$|:/.test(host);
  // Host names are checked by the lookup above.
  if (path || LOCAL_HOSTS.has(host) || !isAddress) return connect.apply(this, args);
  rejectHost(host, (error) => this.destroy(error));
  return this;
};
