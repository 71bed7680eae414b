/**
 * How Node runs the built server; the Dockerfile's CMD says the same. Young objects get 64 MB instead
 * of 16 to 32: the parts of an answer on its way die there, and are not collected among the old ones.
 * With 500 answers at once Node 20 needs 14 % less CPU and 120 MB less memory; Node 24 needs a tenth
 * less CPU, and more memory than with 32 (docs/performance.md).
 */
export const SERVER_FLAGS = ['--max-semi-space-size=64'];
