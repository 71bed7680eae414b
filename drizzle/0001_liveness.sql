CREATE TABLE "instance" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "run_live_owner" ON "run" USING btree ("owner_id") WHERE "run"."status" = 'running';--> statement-breakpoint
CREATE INDEX "run_finished" ON "run" USING btree ("finished_at");--> statement-breakpoint
ALTER TABLE "run" DROP COLUMN "lease_until";