import { requireIdentity } from '@/lib/server/account/authenticate';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, readJson, route } from '@/lib/server/http/route';
import { settingsChangeSchema } from '@/lib/server/settings/input';
import { readStoredSettings, updateUserSettings } from '@/lib/server/settings/user-settings';

/** The user's settings. Both methods return those that differ from the defaults. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  GET: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    return jsonResponse(request, await readStoredSettings(identity.userId), identity);
  }),

  PATCH: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    const change = await readJson(request, settingsChangeSchema);
    return jsonResponse(request, await updateUserSettings(identity, change), identity);
  }),
});
