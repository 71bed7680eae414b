import { CurrentChat } from '@/components/chat/open-chat';

export default function NewChatPage() {
  return <CurrentChat />;
}
