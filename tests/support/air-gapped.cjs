// Loaded into the app by `--require`: its process reaches this machine and nothing else, as in a
// closed network, and says on stderr what it tried. Plain JavaScript: the app has no loader.
const dns = require('node:dns');
const { Socket } = require('node:net');

const OWN = new Set(['localhost', '127.0.0.1', '::1']);

function refuse(host, done) {
  process.stderr.write(`closed network: ${host}\n`);
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
  process.nextTick(done, error);
}

const { lookup } = dns;
dns.lookup = (host, options, callback) => {
  if (OWN.has(host)) return lookup.call(dns, host, options, callback);
  refuse(host, callback ?? options);
};

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  // Normalised already where it comes from net.connect: an array of options and callback.
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const { host = 'localhost', path } = typeof first === 'object' ? first : { host: args[1] };
  const isAddress = /^[\d.]+$|:/.test(host);
  // A name goes by way of the look-up above.
  if (path || OWN.has(host) || !isAddress) return connect.apply(this, args);
  refuse(host, (error) => this.destroy(error));
  return this;
};
