CREATE FUNCTION "remove_logs_of_deleted_runs"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM run_log USING removed WHERE run_log.run_id = removed.id;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "run_deleted" AFTER DELETE ON "run"
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "remove_logs_of_deleted_runs"();
