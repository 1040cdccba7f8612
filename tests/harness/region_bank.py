"""Words for tests about bank links: a region with its banks, and what people do at a bank's counter.

Must never decide what is right: a call either returns the answer or raises Refused.
"""

import os
import signal

from tests.harness.region_cards import CARD_PRESENTED, ID_DOCUMENT, Desk, context
from tests.harness.region_client import PARENT, POOL, Client
from tests.harness.region_harness import Process, Region, eventually, program

IN_PERSON = {"kind": "EVIDENCE_KIND_IN_PERSON"}
R9_EVIDENCE = (ID_DOCUMENT, CARD_PRESENTED, IN_PERSON)
BANK = "102"  # of the cards that Desk applies for


def short(message, field):
    """The name of an enum's value without what all its values begin with."""
    descriptor = message.DESCRIPTOR.fields_by_name[field].enum_type
    names = [value.name for value in descriptor.values]
    prefix = os.path.commonprefix(names).rpartition("_")[0] + "_"
    return descriptor.values_by_number[getattr(message, field)].name.removeprefix(prefix)


class BankRegion(Region):
    """card and bank (and what is named besides), with the simulator of banks behind the port."""

    def __init__(self, services=("card", "bank"), **more):
        super().__init__(services=services, **more)
        self.simulator = None
        self.simulator_port = 0

    def start(self):
        self.start_simulator()
        self.flags["bank"] = ["--peer", f"bank_gateway=127.0.0.1:{self.simulator_port}"] + self.flags.get("bank", [])
        super().start()
        self.restart_simulator()

    def start_simulator(self):
        command = [program("tools/bank_simulator/bank_simulator"), "--listen", f"127.0.0.1:{self.simulator_port}"]
        if "bank" in self.ports:
            command += ["--bank", self.target("bank"), "--signing-key", os.path.join(self.keys, "token-signing.jwk")]
        self.simulator = Process("bank_simulator", command, os.path.join(self.folder, "bank_simulator.log"))
        eventually(lambda: self.simulator.text().startswith("ready "), "the simulator of banks serves")
        self.simulator_port = int(self.simulator.text().split()[1])

    def stop_simulator(self):
        """Ends it in order; its accounts are forgotten."""
        process, self.simulator = self.simulator, None
        process.kill(signal.SIGTERM)
        code = process.wait()
        assert code == 0, f"the simulator of banks ended with {code}:\n{process.tail()}"

    def restart_simulator(self):
        self.stop_simulator()
        self.start_simulator()

    def stop(self):
        if self.simulator:
            self.stop_simulator()
        super().stop()

    def destroy(self):
        if self.simulator and self.simulator.runs():
            self.simulator.kill()
            self.simulator.wait()
        super().destroy()


class BankDesk(Desk):
    """Everyone who has to do with cards and their accounts."""

    def __init__(self, region):
        super().__init__(region)
        self.bank = Client(region.target("bank"), "sscard.bank.v1.BankLinkService")
        self.simulator = Client(f"127.0.0.1:{region.simulator_port}", "sscard.dev.v1.BankSimulatorService", waits=True)

    def close(self):
        self.bank.close()
        self.simulator.close()
        super().close()

    def bank_again(self):
        self.bank.close()
        self.bank = Client(self.region.target("bank"), "sscard.bank.v1.BankLinkService")

    # ---- how banks behave ----

    def banks_are(self, behaviour, delay=0, reason=""):
        values = {"name": PARENT, "behaviour": f"BANK_BEHAVIOUR_{behaviour}", "delayMilliseconds": delay, "reason": reason}
        self.simulator.call("SetBehaviour", values, None)

    def asked(self, name, method=None):
        """What the bank was asked about a card."""
        requests = self.simulator.call("ListRequests", {"name": PARENT}, None).requests
        return [one for one in requests if one.link == link_of(name) and method in (None, one.method)]

    # ---- at the bank ----

    def at_bank(self, method, values, role="BANK_OPERATOR", language=None, **claims):
        return self.bank.call(method, values, self.token(role, **claims), language)

    def change(self, method, card, channel="BANK_BRANCH", evidence=R9_EVIDENCE, role="BANK_OPERATOR", more=None, **claims):
        values = {"name": link_of(card), "context": context(channel, evidence), **(more or {})}
        return self.at_bank(method, values, role, **claims)

    def activate(self, card, **more):
        return self.change("ActivateFinancialFunction", card, **more)

    def link(self, card, language=None, role="BANK_OPERATOR", channel="BANK_BRANCH", **claims):
        values = {"name": link_of(card), "readOptions": {"channel": f"CHANNEL_{channel}"}}
        return self.at_bank("GetBankLink", values, role, language, **claims)

    def state(self, card):
        return short(self.link(card), "state")

    def wait_for(self, card, state):
        return eventually(lambda: self._is(card, state), f"{card} is {state}")

    def _is(self, card, state):
        link = self.link(card)
        return link if short(link, "state") == state else None

    def loaded(self, **more):
        """A NORMAL card whose account was opened in advance."""
        card = self.normal(**more)
        self.wait_for(card.name, "LOADED")
        return card

    def active(self, **more):
        card = self.loaded(**more)
        self.activate(card.name)
        self.wait_for(card.name, "ACTIVE")
        return card


def link_of(card):
    return f"{card}/bankLink"


def request_of(link, kind):
    """The link's latest request of a kind; None: there was none."""
    number = POOL.FindEnumTypeByName("sscard.bank.v1.BankRequestKind").values_by_name[f"BANK_REQUEST_KIND_{kind}"].number
    return next((one for one in link.requests if one.kind == number), None)
