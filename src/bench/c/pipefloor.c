#define _GNU_SOURCE
/*
 * What two processes and two pipes can do on this machine, with blocking reads and writes and nothing else: the time of a
 * ping-pong of a few bytes, with the two processes where the kernel places them and with a core for each, and the speed
 * of a large transfer. Prints one line of JSON, as all contestants do.
 *
 * Usage: pipefloor WARM_UP_SECONDS BATCHES BATCH_SECONDS
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 32, CHUNK = 64 << 10, TRANSFER = 64 << 20, MOST_TRIPS = 1 << 20, MOST_BATCHES = 64 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    fprintf(stderr, "pipefloor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void write_all(int fd, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0) fail("write");
        bytes += written;
        n -= written;
    }
}

/* Returns 0 at the end of the stream. */
static int read_all(int fd, char *bytes, size_t n) {
    while (n > 0) {
        ssize_t got = read(fd, bytes, n);
        if (got < 0) fail("read");
        if (got == 0) return 0;
        bytes += got;
        n -= got;
    }
    return 1;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

static double trips[MOST_TRIPS];
static char chunk[CHUNK];

/* The median of the microseconds of a trip, and through p99 their 99th percentile. */
static double ping_pong(int to, int from, double seconds, double *p99) {
    char message[MESSAGE] = {0};
    int n = 0;
    double start = now(), before = start;
    while (before - start < seconds && n < MOST_TRIPS) {
        write_all(to, message, MESSAGE);
        if (!read_all(from, message, MESSAGE)) fail("the echo ended");
        double after = now();
        trips[n++] = (after - before) * 1e6;
        before = after;
    }
    qsort(trips, n, sizeof *trips, ascending);
    *p99 = trips[(int) (n * 0.99)];
    return trips[n / 2];
}

/* GB/s of one transfer, until the other side says that it has it all. */
static double transfer(int to, int from) {
    char done;
    double start = now();
    for (int sent = 0; sent < TRANSFER; sent += CHUNK) write_all(to, chunk, CHUNK);
    if (!read_all(from, &done, 1)) fail("the sink ended");
    return TRANSFER / (now() - start) / 1e9;
}

static void echo(int in, int out) {
    char message[MESSAGE];
    while (read_all(in, message, MESSAGE)) write_all(out, message, MESSAGE);
}

static void sink(int in, int out) {
    for (;;) {
        for (int got = 0; got < TRANSFER; got += CHUNK)
            if (!read_all(in, chunk, CHUNK)) return;
        write_all(out, "", 1);
    }
}

/* Keeps this process on the n-th of the cores that it may use, of at least two. */
static void keep_on_core(int n) {
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed)) fail("sched_getaffinity");
    CPU_ZERO(&one);
    for (int core = 0; core < CPU_SETSIZE; core++)
        if (CPU_ISSET(core, &allowed) && n-- == 0) CPU_SET(core, &one);
    if (sched_setaffinity(0, sizeof one, &one)) fail("sched_setaffinity");
}

static int cores(void) {
    cpu_set_t allowed;
    return sched_getaffinity(0, sizeof allowed, &allowed) ? 1 : CPU_COUNT(&allowed);
}

/* Starts a process that runs serve, and sets the two ends to talk to it. */
static void start(void (*serve)(int, int), int apart, int *to, int *from) {
    int there[2], back[2];
    if (pipe(there) || pipe(back)) fail("pipe");
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        close(there[1]);
        close(back[0]);
        if (apart) keep_on_core(1);
        serve(there[0], back[1]);
        _exit(0);
    }
    close(there[0]);
    close(back[1]);
    *to = there[1];
    *from = back[0];
}

static void end(int to, int from) {
    close(to);
    close(from);
    while (wait(NULL) > 0) {}
}

static void print(const char *separator, const char *figure, const double *samples, int n) {
    printf("%s\"%s\":[", separator, figure);
    for (int i = 0; i < n; i++) printf("%s%.6f", i ? "," : "", samples[i]);
    printf("]");
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: pipefloor WARM_UP_SECONDS BATCHES BATCH_SECONDS\n");
        return 2;
    }
    double warm_up = atof(argv[1]), seconds = atof(argv[3]);
    int batches = atoi(argv[2]), to, from;
    double medians[MOST_BATCHES], p99s[MOST_BATCHES], speeds[MOST_BATCHES];
    if (batches < 1 || batches > MOST_BATCHES) return 2;

    start(sink, 0, &to, &from);
    memset(chunk, 1, CHUNK);
    transfer(to, from);
    for (int i = 0; i < batches; i++) speeds[i] = transfer(to, from);
    end(to, from);
    print("{", "pipe", speeds, batches);

    for (int apart = 0; apart <= (cores() > 1); apart++) {
        start(echo, apart, &to, &from);
        if (apart) keep_on_core(0);
        ping_pong(to, from, warm_up, &p99s[0]);
        for (int i = 0; i < batches; i++) medians[i] = ping_pong(to, from, seconds, &p99s[i]);
        end(to, from);
        print(",", apart ? "apart" : "latency", medians, batches);
        print(",", apart ? "apart.p99" : "latency.p99", p99s, batches);
    }
    printf("}\n");
    return 0;
}
