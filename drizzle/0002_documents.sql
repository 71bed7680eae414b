CREATE TABLE "suggestion" (
	"id" uuid PRIMARY KEY NOT NULL,
	"document_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"original_text" text NOT NULL,
	"suggested_text" text NOT NULL,
	"description" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"message_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "document" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "document_version" ADD COLUMN "base_version" integer;--> statement-breakpoint
ALTER TABLE "document_version" ADD COLUMN "restored_from" integer;--> statement-breakpoint
ALTER TABLE "document_version" ADD COLUMN "complete" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "document_version" ADD COLUMN "writing_id" text;--> statement-breakpoint
ALTER TABLE "suggestion" ADD CONSTRAINT "suggestion_document_id_document_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."document"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "suggestion_open" ON "suggestion" USING btree ("document_id") WHERE "suggestion"."status" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "document_version_writing" ON "document_version" USING btree ("document_id","writing_id");