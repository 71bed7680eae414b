CREATE TABLE "document_size" (
	"document_id" uuid PRIMARY KEY NOT NULL,
	"bytes" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "document_size" ADD CONSTRAINT "document_size_document_id_document_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."document"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "document_owner" ON "document" USING btree ("owner_id");--> statement-breakpoint
CREATE FUNCTION "count_version_bytes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO document_size (document_id, bytes)
      SELECT document_id, sum(octet_length(content) + 16384) FROM changed GROUP BY 1 ORDER BY 1
      ON CONFLICT (document_id) DO UPDATE SET bytes = document_size.bytes + excluded.bytes;
  ELSE
    UPDATE document_size SET bytes = document_size.bytes - gone.bytes
      FROM (SELECT document_id, sum(octet_length(content) + 16384) AS bytes FROM changed GROUP BY 1) AS gone
      WHERE document_size.document_id = gone.document_id;
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "version_added" AFTER INSERT ON "document_version"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_version_bytes"();--> statement-breakpoint
CREATE TRIGGER "version_removed" AFTER DELETE ON "document_version"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_version_bytes"();--> statement-breakpoint
INSERT INTO document_size (document_id, bytes)
  SELECT document_id, sum(octet_length(content) + 16384) FROM document_version GROUP BY 1;
