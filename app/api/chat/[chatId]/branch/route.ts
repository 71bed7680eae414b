import { requireIdentity } from '@/lib/auth/identify';
import { selectBranchInput } from '@/lib/chat/input';
import { selectBranch } from '@/lib/chat/select-branch';
import { json, pathId, readJson, route } from '@/lib/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const PUT = route<Context>(async (request, { params }) => {
  const identity = await requireIdentity(request.headers);
  const chatId = pathId((await params).chatId, 'chat_not_found');
  const { messageId } = await readJson(request, selectBranchInput);
  return json(await selectBranch(identity, chatId, messageId));
});
