// The peer of lookup_vs_callback: what a team would write. gRPC's callback API answers on its own
// threads; hiredis lives on a thread with a libuv loop; requests go there through a queue.
#include "tests/bench/peers/lookup.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/support/server_callback.h>
#include <hiredis/adapters/libuv.h>
#include <hiredis/async.h>

#include <signal.h>

#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace
{

struct Pending {
        grpc::ServerUnaryReactor *reactor;
        grpc::ByteBuffer *response;
};

// Redis on its own thread: others hand requests over, replies come on that thread.
class Redis
{
      public:
        explicit Redis(const char *socket) : commands_(lookup::commands())
        {
                uv_loop_init(&loop_);
                uv_async_init(&loop_, &wake_,
                              [](uv_async_t *wake) { static_cast<Redis *>(wake->data)->Send(); });
                wake_.data = this;
                context_ = redisAsyncConnectUnix(socket);
                if (context_ && !context_->err) redisLibuvAttach(context_, &loop_);
                thread_ = std::thread([this] { uv_run(&loop_, UV_RUN_DEFAULT); });
        }

        bool IsUp() const
        {
                return context_ && !context_->err;
        }

        void Get(const Pending &pending)
        {
                {
                        std::lock_guard<std::mutex> guard(lock_);
                        waiting_.push_back(pending);
                }
                uv_async_send(&wake_);
        }

      private:
        void Send()
        {
                std::vector<Pending> batch;
                {
                        std::lock_guard<std::mutex> guard(lock_);
                        batch.swap(waiting_);
                }
                for (const Pending &pending : batch) {
                        const std::string &command = commands_[next_];
                        next_ = (next_ + 1) % lookup::kHolders;
                        redisAsyncFormattedCommand(context_, OnReply, new Pending(pending),
                                                   command.data(), command.size());
                }
        }

        static void OnReply(redisAsyncContext *, void *data, void *tag)
        {
                std::unique_ptr<Pending> pending(static_cast<Pending *>(tag));
                const redisReply *reply = static_cast<redisReply *>(data);
                bool good = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 4 &&
                            static_cast<size_t>(reply->element[0]->len) >= lookup::kReplyBytes;
                if (!good) {
                        pending->reactor->Finish(grpc::Status(grpc::StatusCode::NOT_FOUND, ""));
                        return;
                }
                grpc::Slice slice(reply->element[0]->str, lookup::kReplyBytes);
                *pending->response = grpc::ByteBuffer(&slice, 1);
                pending->reactor->Finish(grpc::Status::OK);
        }

        std::vector<std::string> commands_;
        uv_loop_t loop_;
        uv_async_t wake_;
        redisAsyncContext *context_ = nullptr;
        std::thread thread_;
        std::mutex lock_;
        std::vector<Pending> waiting_;
        int next_ = 0;
};

// What generated code for one raw callback method looks like.
class RawService : public grpc::Service
{
      public:
        explicit RawService(Redis *redis)
        {
                AddMethod(new grpc::internal::RpcServiceMethod(
                        lookup::kMethod, grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
                MarkMethodRawCallback(
                        0, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer,
                                                                    grpc::ByteBuffer>(
                                   [redis](grpc::CallbackServerContext *context,
                                           const grpc::ByteBuffer *, grpc::ByteBuffer *response) {
                                           auto *reactor = context->DefaultReactor();
                                           redis->Get({reactor, response});
                                           return reactor;
                                   }));
        }
};

} // namespace

int main(int argc, char **argv)
{
        if (argc != 2) {
                fprintf(stderr, "usage: %s REDIS_SOCKET\n", argv[0]);
                return 2;
        }
        signal(SIGPIPE, SIG_IGN);
        Redis redis(argv[1]);
        if (!redis.IsUp()) return 1;
        RawService service(&redis);
        grpc::ServerBuilder builder;
        int port = 0;
        builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
        builder.RegisterService(&service);
        std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
        if (!server) return 1;
        printf("ready %d\n", port);
        fflush(stdout);
        server->Wait();
        return 0;
}
