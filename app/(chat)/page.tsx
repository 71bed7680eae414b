import { CurrentChat } from '@/components/chat/current-chat';

export default function NewChatPage() {
  return <CurrentChat />;
}
