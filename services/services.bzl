"""The services of a region: read by the build, by ./suite, by images and by manifest checks.

`row` gives the port on one machine: 7300 + 20 * region index + row.
`operations_row` gives the port of metrics and probes: 7400 + 20 * region index + row.
"""

SERVICES = [
    {"name": "card", "row": 1, "store": "sqlite"},
    {"name": "credential", "row": 2, "store": "sqlite"},
    {"name": "ecard", "row": 3, "store": "sqlite"},
    {"name": "bank", "row": 4, "store": "sqlite"},
    {"name": "status", "row": 5, "store": "sqlite"},
]

# Stand-ins for outside systems, started on a development machine beside the service that asks them: tools/<simulator>
# serves the peer of that name.
SIMULATORS = [
    {"simulator": "bank_simulator", "of": "bank", "peer": "bank_gateway", "port_row": 16},
    {"simulator": "face_simulator", "of": "ecard", "peer": "face_match", "port_row": 17},
]
