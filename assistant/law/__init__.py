"""The law arm: knowledge, rules, assessment. No framework, no model, no network."""
