// A foreign client in Node: @grpc/grpc-js and @grpc/proto-loader, by reflection alone. Prints a TAP line a check.
// Must never read a file of the suite: what it calls it has learnt from the server; reflection's own messages are spelt out.
// usage: node node_client.cjs NODE_MODULES WORLD_JSON
"use strict";
const path = require("node:path");
const assert = require("node:assert");
const { createRequire } = require("node:module");

const [modules, worldText] = process.argv.slice(2);
const world = JSON.parse(worldText);
const load = createRequire(path.join(modules, "any.js"));
const grpc = load("@grpc/grpc-js");
const loader = load("@grpc/proto-loader");

const OPTIONS = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
const DETAILS = "grpc-status-details-bin";
const CARD = "sscard.card.v1.CardService";
const STATUS = "sscard.status.v1.StatusService";

const string = (id) => ({ type: "string", id });
const reflectionOf = (version) => ({
        nested: {
                grpc: { nested: { reflection: { nested: { [version]: { nested: {
                        ServerReflection: { methods: { ServerReflectionInfo: {
                                requestType: "ServerReflectionRequest", requestStream: true,
                                responseType: "ServerReflectionResponse", responseStream: true } } },
                        ServerReflectionRequest: {
                                oneofs: { message_request: { oneof: ["file_by_filename", "file_containing_symbol", "list_services"] } },
                                fields: { host: string(1), file_by_filename: string(3), file_containing_symbol: string(4), list_services: string(7) } },
                        FileDescriptorResponse: { fields: { file_descriptor_proto: { rule: "repeated", type: "bytes", id: 1 } } },
                        ServiceResponse: { fields: { name: string(1) } },
                        ListServiceResponse: { fields: { service: { rule: "repeated", type: "ServiceResponse", id: 1 } } },
                        ErrorResponse: { fields: { error_code: { type: "int32", id: 1 }, error_message: string(2) } },
                        ServerReflectionResponse: {
                                oneofs: { message_response: { oneof: ["file_descriptor_response", "list_services_response", "error_response"] } },
                                fields: {
                                        file_descriptor_response: { type: "FileDescriptorResponse", id: 4 },
                                        list_services_response: { type: "ListServiceResponse", id: 6 },
                                        error_response: { type: "ErrorResponse", id: 7 } } },
                } } } } } },
        },
});

// The bytes of a FileDescriptorSet: field 1, length, file, and so on.
function descriptorSet(files) {
        const parts = [];
        for (const file of files) {
                const head = [0x0a];
                let length = file.length;
                for (; length >= 0x80; length = Math.floor(length / 128)) head.push((length % 128) | 0x80);
                head.push(length);
                parts.push(Buffer.from(head), file);
        }
        return Buffer.concat(parts);
}

class ReflectedClient {
        constructor(target) {
                this.target = target;
                this.credentials = grpc.credentials.createInsecure();
                this.clients = [];
        }

        close() {
                for (const client of this.clients) client.close();
        }

        make(service) {
                const client = new service(this.target, this.credentials);
                this.clients.push(client);
                return client;
        }

        ask(version, question) {
                const root = grpc.loadPackageDefinition(loader.fromJSON(reflectionOf(version), OPTIONS));
                const client = this.make(root.grpc.reflection[version].ServerReflection);
                return new Promise((resolve, reject) => {
                        const call = client.ServerReflectionInfo({ deadline: Date.now() + 10000 });
                        let answer;
                        call.on("data", (message) => (answer = message));
                        call.on("error", reject);
                        call.on("end", () => resolve(answer));
                        call.write(question);
                        call.end();
                });
        }

        async services(version = "v1") {
                const answer = await this.ask(version, { list_services: "*" });
                return answer.list_services_response.service.map((service) => service.name).sort();
        }

        // Everything that holds the symbols, as one package: service constructors and message types by full name.
        async learn(symbols, version = "v1") {
                const files = new Map();
                for (const symbol of symbols) {
                        const answer = await this.ask(version, { file_containing_symbol: symbol });
                        if (answer.error_response) throw new Error(answer.error_response.error_message);
                        for (const file of answer.file_descriptor_response.file_descriptor_proto) files.set(file.toString("latin1"), file);
                }
                this.types = loader.loadFileDescriptorSetFromBuffer(descriptorSet([...files.values()]), OPTIONS);
                return this.types;
        }

        call(method, request, { token, language } = {}) {
                const [service, short] = method.split("/");
                const client = this.make(grpc.makeGenericClientConstructor(this.types[service], service));
                const metadata = new grpc.Metadata();
                if (token) metadata.set("authorization", `Bearer ${token}`);
                if (language) metadata.set("accept-language", language);
                return new Promise((resolve, reject) => {
                        client[short](request, metadata, { deadline: Date.now() + 10000 }, (error, answer) => (error ? reject(error) : resolve(answer)));
                });
        }

        details(error) {
                const [raw] = error.metadata.get(DETAILS);
                assert.ok(raw && raw.length > 0 && raw.length <= 4096, "details of at most 4 KiB");
                const status = decodeBy(this.types, "google.rpc.Status", raw);
                const found = {};
                for (const any of status.details) {
                        const name = any.type_url.split("/").pop();
                        found[name] = decodeBy(this.types, name, any.value);
                }
                return { found, order: status.details.map((any) => any.type_url.split("/").pop()) };
        }
}

// proto-loader gives message types as descriptors only: protobufjs, which it stands on, reads them.
function decodeBy(types, name, bytes) {
        const protobuf = load("protobufjs");
        load("protobufjs/ext/descriptor");
        types.root ??= protobuf.Root.fromDescriptor({
                file: [...new Map(Object.values(types).flatMap((type) => (type.fileDescriptorProtos ?? []).map((file) => {
                        const decoded = load("protobufjs/ext/descriptor").FileDescriptorProto.decode(file);
                        return [decoded.name, decoded];
                }))).values()],
        });
        const type = types.root.lookupType(name);
        const message = type.decode(bytes);
        return type.toObject(message, { longs: String, enums: String, defaults: true, arrays: true, objects: true });
}

const checks = [];
const check = (name, body) => checks.push([name, body]);
const symbols = (service) => [service, "grpc.health.v1.Health", "google.rpc.Status", "google.rpc.ErrorInfo", "sscard.common.v1.Refusal"];
const client = new ReflectedClient(world.card);
const status = new ReflectedClient(world.status);

async function refused(from, method, request, options) {
        const error = await from.call(method, request, options).then(
                () => assert.fail("it was answered with OK"),
                (reason) => reason,
        );
        return { error, ...from.details(error) };
}

check("both versions of reflection list the services", async () => {
        for (const version of ["v1", "v1alpha"]) {
                const services = await client.services(version);
                for (const wanted of [CARD, "grpc.health.v1.Health", `grpc.reflection.${version}.ServerReflection`]) assert.ok(services.includes(wanted), wanted);
        }
});

check("what was learnt can be called", async () => {
        const answer = await client.call(`${CARD}/GetCard`, { name: world.normal, read_options: { channel: "CHANNEL_BRANCH" } }, { token: world.operator });
        assert.strictEqual(answer.name, world.normal);
        assert.strictEqual(answer.state, "CARD_STATE_NORMAL");
        assert.strictEqual(answer.contributions_affected, false);
});

check("health answers SERVING", async () => {
        const answer = await client.call("grpc.health.v1.Health/Check", { service: CARD });
        assert.strictEqual(answer.status, "SERVING");
});

check("R48 status is the same for number and name", async () => {
        const ask = (subject) => status.call(`${STATUS}/GetCardStatus`, { ...subject, read_options: { channel: "CHANNEL_BRANCH" } }, { token: world.operator });
        const [byName, byPerson] = [await ask({ name: world.normal }), await ask({ identity_number: world.person })];
        assert.strictEqual(byName.version, byPerson.version);
        assert.strictEqual(byName.display_status, "DISPLAY_STATUS_NORMAL");
});

check("S10 refusal carries ErrorInfo, Refusal with steps, LocalizedMessage", async () => {
        const context = { request_id: world.ids[0], channel: "CHANNEL_BRANCH", evidence: [] };
        const { error, found, order } = await refused(client, `${CARD}/EnableSocialFunction`, { name: world.made, context }, { token: world.operator });
        assert.strictEqual(error.code, grpc.status.FAILED_PRECONDITION);
        assert.ok(/^[ -~]{1,200}$/.test(error.details), error.details);
        assert.strictEqual(order[0], "google.rpc.ErrorInfo");
        const info = found["google.rpc.ErrorInfo"];
        const metadata = Object.fromEntries(info.metadata.map((entry) => [entry.key, entry.value])); // a map, as its entries
        assert.deepStrictEqual([info.domain, info.reason, metadata.rule], ["sscard", "NOT_COLLECTED", "R37"]);
        const refusal = found["sscard.common.v1.Refusal"];
        const steps = refusal.nextSteps ?? refusal.next_steps;
        assert.strictEqual(steps[0].code, "COLLECT_CARD");
        assert.strictEqual(steps[0].method, `${CARD}/CollectCard`);
        assert.strictEqual(found["google.rpc.LocalizedMessage"].locale, "zh-CN");
});

check("S12 texts are Chinese, or English when asked for", async () => {
        const texts = {};
        for (const language of ["zh-CN", "en"]) {
                const context = { request_id: world.ids[1], channel: "CHANNEL_BRANCH", evidence: [] };
                const { found } = await refused(client, `${CARD}/EnableSocialFunction`, { name: world.made, context }, { token: world.operator, language });
                texts[language] = found["google.rpc.LocalizedMessage"].message;
        }
        assert.match(texts["zh-CN"], /领取/);
        assert.match(texts.en, /collected/);
});

check("bad request names the field", async () => {
        const { error, found } = await refused(client, `${CARD}/FindHolder`, { parent: "regions/330000", identity_number: "11010519491231002x",
                read_options: { channel: "CHANNEL_BRANCH" } }, { token: world.operator });
        assert.strictEqual(error.code, grpc.status.INVALID_ARGUMENT);
        const bad = found["google.rpc.BadRequest"];
        assert.strictEqual((bad.fieldViolations ?? bad.field_violations)[0].field, "identity_number");
});

check("without a token nobody is told anything", async () => {
        const { error, found } = await refused(client, `${CARD}/GetCard`, { name: world.normal });
        assert.strictEqual(error.code, grpc.status.UNAUTHENTICATED);
        assert.strictEqual(found["google.rpc.ErrorInfo"].domain, "sscard");
});

check("S1 the trailer of a repeat says that it is one", async () => {
        const request = { name: world.normal, kind: "LOSS_KIND_TEMPORARY", context: { request_id: world.ids[2], channel: "CHANNEL_BRANCH" } };
        const trailers = [];
        for (let i = 0; i < 2; i++) {
                const [service, short] = [CARD, "ReportLoss"];
                const made = client.make(grpc.makeGenericClientConstructor(client.types[service], service));
                const metadata = new grpc.Metadata();
                metadata.set("authorization", `Bearer ${world.operator}`);
                await new Promise((resolve, reject) => {
                        const call = made[short](request, metadata, (error) => (error ? reject(error) : undefined));
                        call.on("status", (end) => {
                                trailers.push(end.metadata.get("sscard-replayed")[0]);
                                resolve();
                        });
                });
        }
        assert.deepStrictEqual(trailers, [undefined, "true"]);
});

async function main() {
        let failed = 0;
        await client.learn(symbols(CARD));
        await status.learn(symbols(STATUS));
        for (const [index, [name, body]] of checks.entries()) {
                try {
                        await body();
                        console.log(`ok ${index + 1} - ${name}`);
                } catch (error) {
                        failed++;
                        console.log(`not ok ${index + 1} - ${name}`);
                        for (const line of String(error.stack).split("\n")) console.log(`#   ${line}`);
                }
        }
        console.log(`1..${checks.length}`);
        client.close();
        status.close();
        process.exitCode = failed ? 1 : 0;
}

main();
