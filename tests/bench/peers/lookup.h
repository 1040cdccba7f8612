// What the C++ peers of the look-up share: the keys, formatted once, and the size of the answer.
#ifndef SSCARD_TESTS_BENCH_PEERS_LOOKUP_H
#define SSCARD_TESTS_BENCH_PEERS_LOOKUP_H

#include <string>
#include <vector>

namespace lookup
{

constexpr int kHolders = 1000;
constexpr size_t kReplyBytes = 200;
constexpr const char *kMethod = "/sscard.test.v1.EchoService/Echo";

// "*5\r\n$4\r\nMGET\r\n$9\r\nbench:0:a\r\n…" for each holder.
inline std::vector<std::string> commands()
{
        std::vector<std::string> all;
        for (int i = 0; i < kHolders; i++) {
                std::string command = "*5\r\n$4\r\nMGET\r\n";
                for (char part : {'a', 'b', 'c', 'd'}) {
                        std::string key = "bench:" + std::to_string(i) + ":" + part;
                        command += "$" + std::to_string(key.size()) + "\r\n" + key + "\r\n";
                }
                all.push_back(command);
        }
        return all;
}

} // namespace lookup

#endif
