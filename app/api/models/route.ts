import { json, route } from '@/lib/http/route';
import { listModels } from '@/lib/models';

/** For everybody, like the page itself: which models there are is nobody's own. */
export const GET = route(async () => json(await listModels()));
