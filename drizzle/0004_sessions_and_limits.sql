CREATE TABLE "rate_limit" (
	"key" varchar(255) PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "blocked_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE FUNCTION "announce_ended_sessions"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A payload holds 8,000 bytes at most; ids have 32 characters.
  PERFORM pg_notify('throughline', json_build_object('type', 'sessions-ended', 'sessionIds', json_agg(id))::text)
  FROM (SELECT id, (row_number() OVER () - 1) / 100 AS batch FROM ended) AS numbered
  GROUP BY batch;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "session_ended" AFTER DELETE ON "session"
  REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION "announce_ended_sessions"();--> statement-breakpoint
CREATE FUNCTION "end_sessions_of_blocked_user"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "session" WHERE user_id = NEW.id;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "user_blocked" AFTER UPDATE OF "blocked_at" ON "user"
  FOR EACH ROW WHEN (NEW.blocked_at IS NOT NULL) EXECUTE FUNCTION "end_sessions_of_blocked_user"();
