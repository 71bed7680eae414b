import { requireIdentity } from '@/lib/server/account/authenticate';
import { deleteAccount, requireSameAccount } from '@/lib/server/account/delete-account';
import { sessionResponse } from '@/lib/server/account/session-response';
import { signOut } from '@/lib/server/account/sign-in';
import { deleteAllChats } from '@/lib/server/chat/delete-all-chats';
import { defineMethods } from '@/lib/server/http/define-methods';
import { readJson, route } from '@/lib/server/http/route';
import { deleteAccountSchema } from '@/lib/server/settings/input';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  /** Deletes the user with all chats, documents and settings. */
  DELETE: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    const { email } = await readJson(request, deleteAccountSchema);
    requireSameAccount(identity, email);
    await deleteAllChats(identity.userId);
    await deleteAccount(identity);
    // Clears the cookies.
    return sessionResponse(request, await signOut(request.headers));
  }),
});
