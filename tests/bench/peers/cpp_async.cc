// The peer of lookup_vs_cpp: a look-up as well as C++ can be tuned by hand. Asynchronous API, a
// registered raw method, hiredis on the one thread that also sleeps in the completion queue; a
// helper thread watches Redis' socket (one shot) and wakes the queue. Calls are pooled, writes to
// Redis are collected and sent once a turn, only reading is ever asked of epoll.
#include "tests/bench/peers/lookup.h"

#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/support/async_unary_call.h>
#include <hiredis/async.h>

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

namespace
{

// What generated code for one raw, asynchronous method looks like.
class RawService : public grpc::Service
{
      public:
        RawService()
        {
                AddMethod(new grpc::internal::RpcServiceMethod(
                        lookup::kMethod, grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
                MarkMethodRaw(0);
        }
        void Request(grpc::ServerContext *context, grpc::ByteBuffer *request,
                     grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> *writer,
                     grpc::ServerCompletionQueue *queue, void *tag)
        {
                RequestAsyncUnary(0, context, request, writer, queue, queue, tag);
        }
};

class Lookup;

// One call. Its memory is pooled; its contexts are made anew, as the API demands.
struct Call {
        explicit Call() : writer(&context) {}
        grpc::ServerContext context;
        grpc::ByteBuffer request;
        grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer;
        bool answered = false;
};

class Lookup
{
      public:
        explicit Lookup(const char *socket) : socket_(socket), commands_(lookup::commands()) {}

        int Run()
        {
                if (!ConnectRedis()) return 1;
                grpc::ServerBuilder builder;
                int port = 0;
                builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
                builder.RegisterService(&service_);
                queue_ = builder.AddCompletionQueue();
                server_ = builder.BuildAndStart();
                if (!server_) return 1;
                for (int i = 0; i < kSlots; i++)
                        Post();
                StartHelper();
                printf("ready %d\n", port);
                fflush(stdout);
                for (;;)
                        Turn();
        }

      private:
        static constexpr int kSlots = 256, kEventsATurn = 256;

        bool ConnectRedis()
        {
                redis_ = redisAsyncConnectUnix(socket_);
                if (!redis_ || redis_->err) return false;
                redis_->data = this;
                redis_->c.reader->maxbuf = 0;
                redis_->ev.data = this;
                redis_->ev.addWrite = [](void *self) {
                        static_cast<Lookup *>(self)->dirty_ = true;
                };
                redis_->ev.delWrite = [](void *self) {
                        static_cast<Lookup *>(self)->dirty_ = false;
                };
                // The connection to a Unix socket is there; hiredis notices at the first write.
                dirty_ = true;
                Flush();
                return !redis_->err;
        }

        // The helper: wakes the queue with the documented empty batch.
        void StartHelper()
        {
                lame_channel_ =
                        grpc_lame_client_channel_create("kick", GRPC_STATUS_UNAVAILABLE, "");
                lame_ = grpc_channel_create_call(lame_channel_, nullptr, GRPC_PROPAGATE_DEFAULTS,
                                                 queue_->cq(),
                                                 grpc_slice_from_static_string("/k/k"), nullptr,
                                                 gpr_inf_future(GPR_CLOCK_MONOTONIC), nullptr);
                outer_ = epoll_create1(EPOLL_CLOEXEC);
                epoll_event event = {};
                event.events = EPOLLONESHOT;
                epoll_ctl(outer_, EPOLL_CTL_ADD, redis_->c.fd, &event);
                std::thread([this] {
                        for (epoll_event ready;;)
                                if (epoll_wait(outer_, &ready, 1, -1) == 1)
                                        grpc_call_start_batch(lame_, nullptr, 0, nullptr, nullptr);
                }).detach();
        }

        void Post()
        {
                void *memory = nullptr;
                if (spare_.empty()) {
                        memory = ::operator new(sizeof(Call));
                } else {
                        memory = spare_.back();
                        spare_.pop_back();
                }
                Call *call = new (memory) Call;
                service_.Request(&call->context, &call->request, &call->writer, queue_.get(), call);
        }

        void Turn()
        {
                const gpr_timespec past = {0, 0, GPR_CLOCK_MONOTONIC};
                for (int n = 0; n < kEventsATurn; n++) {
                        gpr_timespec until = past;
                        if (!dirty_) {
                                Arm();
                                until = gpr_inf_future(GPR_CLOCK_MONOTONIC);
                                if (pending_ && Readable()) until = past;
                        }
                        grpc_event event = grpc_completion_queue_next(queue_->cq(), until, nullptr);
                        if (event.type != GRPC_OP_COMPLETE) break;
                        if (!event.tag) {
                                armed_ = false;
                                break;
                        }
                        // C++ tags: FinalizeResult() turns core's tag into ours, or swallows it.
                        void *tag = event.tag;
                        bool ok = event.success != 0;
                        if (static_cast<grpc::internal::CompletionQueueTag *>(tag)->FinalizeResult(
                                    &tag, &ok))
                                Event(static_cast<Call *>(tag), ok);
                }
                Flush();
                while (pending_ && Readable()) {
                        redisAsyncHandleRead(redis_);
                        Flush();
                }
        }

        void Event(Call *call, bool ok)
        {
                if (call->answered || !ok) {
                        call->~Call();
                        spare_.push_back(call);
                        return;
                }
                Post();
                const std::string &command = commands_[next_];
                next_ = (next_ + 1) % lookup::kHolders;
                pending_++;
                redisAsyncFormattedCommand(redis_, OnReply, call, command.data(), command.size());
        }

        static void OnReply(redisAsyncContext *context, void *reply, void *tag)
        {
                Lookup *self = static_cast<Lookup *>(context->data);
                self->Answer(static_cast<Call *>(tag), static_cast<redisReply *>(reply));
        }

        void Answer(Call *call, const redisReply *reply)
        {
                pending_--;
                call->answered = true;
                bool good = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 4 &&
                            static_cast<size_t>(reply->element[0]->len) >= lookup::kReplyBytes;
                if (!good) {
                        call->writer.FinishWithError(grpc::Status(grpc::StatusCode::NOT_FOUND, ""),
                                                     call);
                        return;
                }
                grpc::Slice slice(reply->element[0]->str, lookup::kReplyBytes);
                call->writer.Finish(grpc::ByteBuffer(&slice, 1), grpc::Status::OK, call);
        }

        void Flush()
        {
                if (dirty_) redisAsyncHandleWrite(redis_);
        }

        bool Readable()
        {
                pollfd p = {redis_->c.fd, POLLIN, 0};
                return poll(&p, 1, 0) > 0;
        }

        void Arm()
        {
                if (armed_) return;
                epoll_event event = {};
                event.events = EPOLLIN | EPOLLONESHOT;
                epoll_ctl(outer_, EPOLL_CTL_MOD, redis_->c.fd, &event);
                armed_ = true;
        }

        const char *socket_;
        std::vector<std::string> commands_;
        RawService service_;
        std::unique_ptr<grpc::ServerCompletionQueue> queue_;
        std::unique_ptr<grpc::Server> server_;
        redisAsyncContext *redis_ = nullptr;
        std::vector<void *> spare_;
        grpc_channel *lame_channel_ = nullptr;
        grpc_call *lame_ = nullptr;
        int outer_ = -1, next_ = 0, pending_ = 0;
        bool dirty_ = false, armed_ = false;
};

} // namespace

int main(int argc, char **argv)
{
        if (argc != 2) {
                fprintf(stderr, "usage: %s REDIS_SOCKET\n", argv[0]);
                return 2;
        }
        signal(SIGPIPE, SIG_IGN);
        prctl(PR_SET_TIMERSLACK, 1UL);
        Lookup lookup(argv[1]);
        return lookup.Run();
}
