/* The floor, and the unit of the ratios: libpcap reads a capture, and nothing is done but counting its frames. */
#include <pcap/pcap.h>
#include <stdio.h>

static void count(u_char *frames, const struct pcap_pkthdr *header, const u_char *bytes) {
    (void)header;
    (void)bytes;
    ++*(unsigned long *)frames;
}

int main(int argc, char **argv) {
    char error[PCAP_ERRBUF_SIZE];
    unsigned long frames = 0;
    pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
    if (!capture) {
        fprintf(stderr, "count: %s\n", argc == 2 ? error : "usage: count FILE");
        return 1;
    }
    pcap_loop(capture, -1, count, (u_char *)&frames);
    pcap_close(capture);
    printf("%lu\n", frames);
    return 0;
}
