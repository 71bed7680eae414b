ALTER TABLE "message" ADD COLUMN "selected_at" timestamp (3) with time zone;--> statement-breakpoint
-- What was shown stays so, but for answers that failed: they hid a better one for good.
UPDATE "message" SET "selected_at" = "created_at"
WHERE "status" NOT IN ('failed', 'running') AND "parts" <> '[]'::jsonb;
