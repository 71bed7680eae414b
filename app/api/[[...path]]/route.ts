import { AppError } from '@/lib/protocol/errors';
import { route } from '@/lib/server/http/route';

/** Responds to unknown API paths in JSON; Next would respond with a page of the app. */
const notFound = route(() => Promise.reject(new AppError('not_found')));

export {
  notFound as DELETE,
  notFound as GET,
  notFound as OPTIONS,
  notFound as PATCH,
  notFound as POST,
  notFound as PUT,
};
