extension Schema {
    /// What procurement knows of platforms, where schools are, and what agents tell since 0.2.
    static let additions = """
        ALTER TABLE platforms ADD COLUMN relationship TEXT
            CHECK (relationship IN ('contract', 'on_demand', 'free'));
        ALTER TABLE platforms ADD COLUMN contract TEXT NOT NULL DEFAULT '';
        ALTER TABLE platforms ADD COLUMN licences INTEGER CHECK (licences >= 0);
        ALTER TABLE platforms ADD COLUMN audiences TEXT NOT NULL DEFAULT '';
        ALTER TABLE platforms ADD COLUMN approval_expires TEXT
            CHECK (approval_expires GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
        ALTER TABLE platforms ADD COLUMN student_data TEXT NOT NULL DEFAULT '';
        ALTER TABLE platforms ADD COLUMN age_limit TEXT NOT NULL DEFAULT '';
        ALTER TABLE platforms ADD COLUMN agreement TEXT;
        ALTER TABLE platforms ADD COLUMN agreement_expires TEXT
            CHECK (agreement_expires GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]');
        ALTER TABLE platforms ADD COLUMN ratings TEXT NOT NULL DEFAULT '';

        ALTER TABLE schools ADD COLUMN region TEXT NOT NULL DEFAULT '' CHECK (length(region) <= 100);
        ALTER TABLE schools ADD COLUMN closed_at INTEGER;

        ALTER TABLE agents ADD COLUMN health TEXT;
        ALTER TABLE agents ADD COLUMN health_at INTEGER;
        ALTER TABLE agents ADD COLUMN clock_ahead INTEGER;
        ALTER TABLE agents ADD COLUMN used_twice_at INTEGER;

        ALTER TABLE days ADD COLUMN relay INTEGER NOT NULL DEFAULT 0 CHECK (relay >= 0);
        ALTER TABLE days ADD COLUMN vpn INTEGER NOT NULL DEFAULT 0 CHECK (vpn >= 0);
        ALTER TABLE days ADD COLUMN dns_declined INTEGER NOT NULL DEFAULT 0 CHECK (dns_declined >= 0);
        ALTER TABLE days ADD COLUMN dns_allowed INTEGER NOT NULL DEFAULT 0 CHECK (dns_allowed >= 0);
        ALTER TABLE days ADD COLUMN relay_declined INTEGER NOT NULL DEFAULT 0 CHECK (relay_declined >= 0);
        ALTER TABLE days ADD COLUMN relay_allowed INTEGER NOT NULL DEFAULT 0 CHECK (relay_allowed >= 0);
        ALTER TABLE days ADD COLUMN withheld_http INTEGER NOT NULL DEFAULT 0 CHECK (withheld_http >= 0);
        ALTER TABLE rows ADD COLUMN http INTEGER NOT NULL DEFAULT 0 CHECK (http >= 0);
        """
}
