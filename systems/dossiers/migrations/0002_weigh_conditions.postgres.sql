-- What a list only compares stands there behind a plus or before an empty text (src/lists.rs). So that the server still
-- knows how often it holds, and does not sort everything for want of better, it counts these too.
CREATE STATISTICS dossier_compared ON (+unit_id), (+status), (procedure_code || ''), (received_day || ''),
    (ended_day || '') FROM dossier;
