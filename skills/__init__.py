"""What people may ask or do, one file each. A skill is declared once; command, plain Chinese, tool and API follow."""
