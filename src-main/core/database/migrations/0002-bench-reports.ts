// Benches of this workspace's devices.
export const sql = `
CREATE TABLE bench_reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  measured_at TEXT NOT NULL, fingerprint TEXT NOT NULL,
  report TEXT NOT NULL                                                    -- JSON: src-shared/bench/report.ts
) STRICT;
CREATE INDEX bench_reports_by_fingerprint ON bench_reports(fingerprint, id);
`
