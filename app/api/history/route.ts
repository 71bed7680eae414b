import { identify } from '@/lib/auth/identify';
import { historyInput } from '@/lib/chat/input';
import { listChats } from '@/lib/chat/list-chats';
import { methods } from '@/lib/http/methods';
import { json, parseInput, route } from '@/lib/http/route';
import type { HistoryPage } from '@/lib/protocol/api';

const NOTHING: HistoryPage = { chats: [], nextCursor: null };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(async (request) => {
    const { searchParams } = new URL(request.url);
    const page = parseInput(historyInput, Object.fromEntries(searchParams));
    // Whoever has no session yet has no chats either.
    const identity = await identify(request.headers);
    return json(request, identity ? await listChats(identity, page) : NOTHING, identity ?? {});
  }),
});
