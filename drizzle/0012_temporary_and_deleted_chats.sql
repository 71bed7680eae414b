ALTER TABLE "chat" ADD COLUMN "temporary" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "chat" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "chat_deleted" ON "chat" USING btree ("deleted_at") WHERE "chat"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "chat_temporary" ON "chat" USING btree ("updated_at") WHERE "chat"."temporary";