"""A dossier's answers taken away, filled elsewhere and brought back: a workbook (XLSX) or JSON."""
