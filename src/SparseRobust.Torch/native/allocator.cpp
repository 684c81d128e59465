// A caching allocator of big blocks. A training step asks for the same sizes again and again; giving the pages back
// to the system and faulting them in anew would cost about a tenth of it, on threads that malloc cannot be tuned for.
#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "common.h"

namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kBig = 256 << 10;
constexpr size_t kHugePage = 2 << 20;
constexpr size_t kMostWaste = 2;

// Stands before each block; a big block's size names its free list.
struct alignas(kAlignment) Header {
  size_t bytes;  // 0: from malloc
};

class CachingAllocator final : public c10::Allocator {
 public:
  void set_limit(size_t bytes) { limit_ = bytes; }

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  c10::DataPtr allocate(size_t bytes) override { return make(bytes); }
  void copy_data(void* target, const void* source, size_t count) const override { std::memcpy(target, source, count); }
#else
  c10::DataPtr allocate(size_t bytes) const override { return const_cast<CachingAllocator*>(this)->make(bytes); }
#endif

  c10::DeleterFnPtr raw_deleter() const override { return &CachingAllocator::deallocate; }

  int64_t cached() {
    std::lock_guard<std::mutex> lock(gate_);
    return static_cast<int64_t>(cached_);
  }

  void flush() {
    std::lock_guard<std::mutex> lock(gate_);
    flush_locked();
  }

  static CachingAllocator& instance() {
    static auto* allocator = new CachingAllocator();  // outlives every tensor
    return *allocator;
  }

 private:
  // Eight sizes between two powers of two: at most an eighth is wasted.
  static size_t round_up(size_t bytes) {
    size_t unit = kBig;
    while (unit * 2 <= bytes) unit *= 2;
    unit /= 8;
    return (bytes + unit - 1) / unit * unit;
  }

  c10::DataPtr make(size_t bytes) {
    if (bytes == 0) return {nullptr, nullptr, &CachingAllocator::deallocate, c10::Device(c10::DeviceType::CPU)};
    Header* header = nullptr;
    if (bytes < (size_t{1} << 62)) header = bytes + sizeof(Header) < kBig ? small(bytes) : big(bytes);
    TORCH_CHECK(header != nullptr, "the processor can't allocate memory: ", bytes, " bytes were asked for");
    void* data = header + 1;
    return {data, data, &CachingAllocator::deallocate, c10::Device(c10::DeviceType::CPU)};
  }

  static Header* small(size_t bytes) {
    void* block = nullptr;
    if (posix_memalign(&block, kAlignment, bytes + sizeof(Header)) != 0) return nullptr;
    static_cast<Header*>(block)->bytes = 0;
    return static_cast<Header*>(block);
  }

  Header* big(size_t bytes) {
    const size_t rounded = round_up(bytes + sizeof(Header));
    if (Header* kept = take(rounded)) return kept;
    void* block = map(rounded);
    if (block == MAP_FAILED) {
      flush();
      block = map(rounded);
      if (block == MAP_FAILED) return nullptr;
    }
    if (rounded >= kHugePage) madvise(block, rounded, MADV_HUGEPAGE);
    static_cast<Header*>(block)->bytes = rounded;
    return static_cast<Header*>(block);
  }

  // The smallest kept block that fits and is not much too large: batches of many lengths then share the blocks of the longest, while a tensor that stays does
  // not sit on a block made for a far larger one.
  Header* take(size_t bytes) {
    std::lock_guard<std::mutex> lock(gate_);
    const auto found = free_.lower_bound(bytes);
    if (found == free_.end() || found->first > kMostWaste * bytes) return nullptr;
    Header* header = found->second.back();
    found->second.pop_back();
    cached_ -= found->first;
    if (found->second.empty()) free_.erase(found);
    return header;
  }

  static void* map(size_t bytes) {
    return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }

  static void deallocate(void* data) {
    if (data == nullptr) return;
    Header* header = static_cast<Header*>(data) - 1;
    if (header->bytes == 0)
      std::free(header);
    else
      instance().keep(header);
  }

  // Past the limit everything is given back: sizes that no one asks for any more must not hold the memory.
  void keep(Header* header) {
    std::lock_guard<std::mutex> lock(gate_);
    if (cached_ + header->bytes > limit_) flush_locked();
    if (header->bytes > limit_) {
      munmap(header, header->bytes);
      return;
    }
    free_[header->bytes].push_back(header);
    cached_ += header->bytes;
  }

  void flush_locked() {
    for (auto& entry : free_)
      for (Header* header : entry.second) munmap(header, entry.first);
    free_.clear();
    cached_ = 0;
  }

  std::mutex gate_;
  std::map<size_t, std::vector<Header*>> free_;  // By size; none of the lists is empty.
  size_t cached_ = 0;
  size_t limit_ = 0;
};

}  // namespace

int32_t sr_use_caching_allocator(int64_t limit) {
  return sr::guarded([&] {
    CachingAllocator& allocator = CachingAllocator::instance();
    allocator.set_limit(static_cast<size_t>(limit));
    c10::SetCPUAllocator(&allocator, 1);
  });
}

int64_t sr_cached_bytes() { return CachingAllocator::instance().cached(); }

void sr_release_cache() { CachingAllocator::instance().flush(); }
