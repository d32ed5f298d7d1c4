-- The two roles of the product. Run as a superuser inside its database, as often as you like.
-- The owner owns what migrations make; the app role serves people, owns nothing and may create nothing.
-- Neither may pass by row-level security. Passwords are set beside this file where a network is involved.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'helpdesk_owner') THEN
        CREATE ROLE helpdesk_owner;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'helpdesk_app') THEN
        CREATE ROLE helpdesk_app;
    END IF;
    -- CREATEDB is for test databases.
    ALTER ROLE helpdesk_owner LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    ALTER ROLE helpdesk_app LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS;

    EXECUTE format('ALTER DATABASE %I OWNER TO helpdesk_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO helpdesk_app', current_database());
END
$$;

-- Before PostgreSQL 15 everybody could create in it.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO helpdesk_owner;
GRANT USAGE ON SCHEMA public TO helpdesk_app;
