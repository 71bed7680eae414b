ALTER TABLE "chat" DROP COLUMN "workroom_id";--> statement-breakpoint
ALTER TABLE "chat" DROP COLUMN "visibility";--> statement-breakpoint
ALTER TABLE "message" DROP COLUMN "attachments";