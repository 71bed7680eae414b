/**
 * Node flags of the built server; the Dockerfile's CMD has the same. The young generation gets 64
 * MB instead of 16 to 32: the short-lived parts of streamed answers die there and never reach the
 * old generation. With 500 answers at once Node 20 needs 14 % less CPU and 120 MB less memory; Node
 * 24 needs a tenth less CPU, and more memory than with 32 (docs/performance.md).
 */
export const SERVER_FLAGS = ['--max-semi-space-size=64'];
