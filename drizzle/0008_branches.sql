DROP INDEX "run_one_live";--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "message_deleted" ON "message" USING btree ("deleted_at") WHERE "message"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "run_live_chat" ON "run" USING btree ("chat_id") WHERE "run"."status" = 'running';--> statement-breakpoint
CREATE UNIQUE INDEX "run_one_live" ON "run" USING btree ("message_id") WHERE "run"."status" = 'running';