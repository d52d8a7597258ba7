CREATE TABLE user_roles (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_user_roles_user REFERENCES users (id) ON DELETE CASCADE,
    role varchar(50) NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now(),
    granted_by uuid CONSTRAINT fk_user_roles_granted_by REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT uq_user_roles_user_role UNIQUE (user_id, role),
    CONSTRAINT ck_user_roles_role CHECK (role IN ('customer', 'admin', 'agent'))
);

GRANT SELECT, INSERT, UPDATE, DELETE ON user_roles TO user_db_app;

GRANT SELECT ON user_roles TO user_db_readonly;
