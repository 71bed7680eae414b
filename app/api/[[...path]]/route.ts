import { AppError } from '@/lib/protocol/errors';
import { route } from '@/lib/server/http/route';

/** Whatever the API does not have: said in JSON, because Next would answer with a page of the app. */
const notFound = route(() => Promise.reject(new AppError('not_found')));

export {
  notFound as DELETE,
  notFound as GET,
  notFound as OPTIONS,
  notFound as PATCH,
  notFound as POST,
  notFound as PUT,
};
