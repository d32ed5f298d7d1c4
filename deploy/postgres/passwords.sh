#!/bin/sh
# Gives the two roles the passwords that stand in their URLs. Run once, after roles.sql, by the image's own set-up.
set -eu

for role in app owner; do
    case $role in app) file=/run/secrets/database_url ;; owner) file=/run/secrets/database_owner_url ;; esac
    password=$(sed -n 's#^postgresql://[^:]*:\([^@]*\)@.*#\1#p' "$file")
    [ -n "$password" ] || { echo "$file holds no postgresql://user:password@host/name" >&2; exit 1; }
    psql -v ON_ERROR_STOP=1 -v role="helpdesk_$role" -v password="$password" \
        --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
ALTER ROLE :"role" PASSWORD :'password';
SQL
done
