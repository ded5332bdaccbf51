/* SPDX-License-Identifier: ISC */
/* Network interfaces, by ioctl and by rtnetlink. */
#include "sys/netdev.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The kernel's answers are pages at most; linux/netlink.h asks for this. */
#define MOST_ANSWER 32768

/* Any socket takes these requests; this kind is always there and cheapest. */
int
netdev_raise_loopback(void)
{
	AUTO(close) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	return fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &lo);
}

/* ---- messages */

static void
begin(struct buf *b, int type, int flags, const void *body, size_t n)
{
	struct nlmsghdr h = {
		.nlmsg_type = (uint16_t)type,
		.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
	};

	b->n = 0;
	buf_add(b, &h, sizeof(h));
	buf_add(b, body, n);
}

static void
attribute(struct buf *b, int type, const void *bytes, size_t n)
{
	static const char nothing[RTA_ALIGNTO];
	struct rtattr a = {
		.rta_type = (uint16_t)type,
		.rta_len = (uint16_t)RTA_LENGTH(n),
	};

	buf_add(b, &a, sizeof(a));
	buf_add(b, bytes, n);
	buf_add(b, nothing, RTA_ALIGN(n) - n);
}

/* One answer, or each line of a list, until `see` returns something. */
typedef int answer_function(const struct nlmsghdr *h, void *with);

/* 1: there may be more to come; -1 with errno. */
static int
hear(const struct nlmsghdr *h, answer_function *see, void *with)
{
	if (h->nlmsg_type == NLMSG_DONE)
		return 0;
	if (h->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *said = NLMSG_DATA(h);

		errno = -said->error;
		return said->error ? -1 : 0;
	}
	if (see && see(h, with) < 0)
		return -1;
	return h->nlmsg_flags & NLM_F_MULTI ? 1 : 0;
}

static int
talk(int socket, const struct buf *request, answer_function *see, void *with)
{
	AUTO(buf) struct buf room = { 0 };
	int more = 1;

	((struct nlmsghdr *)(void *)request->data)->nlmsg_len =
	        (uint32_t)request->n;
	if (send(socket, request->data, request->n, 0) < 0)
		return -1;
	buf_room(&room, MOST_ANSWER);
	while (more > 0) {
		ssize_t got = recv(socket, room.data, MOST_ANSWER, 0);
		const struct nlmsghdr *h = (const void *)room.data;

		if (got < 0 && errno != EINTR)
			return -1;
		for (int left = (int)got; more > 0 && left > 0 &&
		     NLMSG_OK(h, (unsigned int)left);
		     h = NLMSG_NEXT(h, left))
			more = hear(h, see, with);
	}
	return more;
}

/* A socket belongs to the namespace in which it was made. */
static int
open_in(int space, struct err *e)
{
	AUTO(close) int own = -1;
	AUTO(close) int fd = -1;

	own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (own < 0 || setns(space, CLONE_NEWNET) < 0)
		return fail_sys(e, "network namespace");
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		fail_sys(e, "rtnetlink");
	if (setns(own, CLONE_NEWNET) < 0)
		return fail_sys(e, "our own network namespace");
	return take_fd(&fd);
}

/* ---- requests */

static int
see_index(const struct nlmsghdr *h, void *with)
{
	const struct ifinfomsg *link = NLMSG_DATA(h);

	if (h->nlmsg_type == RTM_NEWLINK)
		*(int *)with = link->ifi_index;
	return 0;
}

/* Its number, 0: there is none; -1 with errno. */
static int
find(int socket, const char *name)
{
	AUTO(buf) struct buf b = { 0 };
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	int index = 0;

	begin(&b, RTM_GETLINK, 0, &body, sizeof(body));
	attribute(&b, IFLA_IFNAME, name, strlen(name) + 1);
	if (talk(socket, &b, see_index, &index) < 0)
		return errno == ENODEV ? 0 : -1;
	return index;
}

/* The requests that give the addresses again, behind one another. */
struct addresses {
	int index;
	struct buf requests;
};

/* What of an address is its own, and not counted by the kernel. */
static bool
is_kept(int type)
{
	return type == IFA_ADDRESS || type == IFA_LOCAL ||
	       type == IFA_BROADCAST || type == IFA_FLAGS ||
	       type == IFA_RT_PRIORITY;
}

static int
see_address(const struct nlmsghdr *h, void *with)
{
	struct addresses *all = with;
	struct ifaddrmsg *body = NLMSG_DATA(h);
	int left = (int)IFA_PAYLOAD(h);
	uint32_t flags = body->ifa_flags;
	AUTO(buf) struct buf b = { 0 };

	if (h->nlmsg_type != RTM_NEWADDR ||
	    (int)body->ifa_index != all->index ||
	    body->ifa_scope != RT_SCOPE_UNIVERSE)
		return 0;
	begin(&b, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, body,
	      sizeof(*body));
	for (const struct rtattr *a = IFA_RTA(body); RTA_OK(a, left);
	     a = RTA_NEXT(a, left)) {
		if (a->rta_type == IFA_FLAGS)
			memcpy(&flags, RTA_DATA(a), sizeof(flags));
		if (is_kept(a->rta_type))
			attribute(&b, a->rta_type, RTA_DATA(a), RTA_PAYLOAD(a));
	}
	if (!(flags & IFA_F_PERMANENT))
		return 0;
	((struct nlmsghdr *)(void *)b.data)->nlmsg_len = (uint32_t)b.n;
	buf_add(&all->requests, b.data, b.n);
	return 0;
}

static int
find_addresses(int socket, struct addresses *all)
{
	AUTO(buf) struct buf b = { 0 };
	struct ifaddrmsg body = { .ifa_family = AF_UNSPEC };

	begin(&b, RTM_GETADDR, NLM_F_DUMP, &body, sizeof(body));
	return talk(socket, &b, see_address, all);
}

static int
give_addresses(int socket, const struct addresses *all, int index)
{
	const char *at = all->requests.data, *end = at + all->requests.n;

	while (at < end) {
		AUTO(buf) struct buf b = { 0 };
		struct nlmsghdr h;
		struct ifaddrmsg *body;

		memcpy(&h, at, sizeof(h));
		buf_add(&b, at, h.nlmsg_len);
		at += h.nlmsg_len;
		body = NLMSG_DATA(b.data);
		body->ifa_index = (uint32_t)index;
		if (talk(socket, &b, NULL, NULL) < 0)
			return -1;
	}
	return 0;
}

static int
hand_over(int socket, int index, const char *name, int space)
{
	AUTO(buf) struct buf b = { 0 };
	struct ifinfomsg body = { .ifi_index = index };
	uint32_t fd = (uint32_t)space;

	begin(&b, RTM_NEWLINK, NLM_F_ACK, &body, sizeof(body));
	attribute(&b, IFLA_NET_NS_FD, &fd, sizeof(fd));
	attribute(&b, IFLA_IFNAME, name, strlen(name) + 1);
	return talk(socket, &b, NULL, NULL);
}

static int
raise_it(int socket, int index)
{
	AUTO(buf) struct buf b = { 0 };
	struct ifinfomsg body = {
		.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP,
	};

	begin(&b, RTM_NEWLINK, NLM_F_ACK, &body, sizeof(body));
	return talk(socket, &b, NULL, NULL);
}

/*
 * The kernel would find a number by itself, but not tell us which. One that is
 * taken is an error before the move, as afterwards there is no way back.
 */
static int
choose(int there, const char *name, char chosen[IFNAMSIZ], struct err *e)
{
	const char *percent = strstr(name, "%d");
	int found = 1;

	for (int i = 0; found > 0 && i < (percent ? 4096 : 1); i++) {
		int n = percent ? snprintf(chosen, IFNAMSIZ, "%.*s%d%s",
		                           (int)(percent - name), name, i,
		                           percent + 2)
		                : snprintf(chosen, IFNAMSIZ, "%s", name);

		if (n >= IFNAMSIZ)
			return fail(e, ENAMETOOLONG, "'%s'", name);
		found = find(there, chosen);
	}
	if (found < 0)
		return fail_sys(e, "'%s'", name);
	return found ? fail(e, EEXIST, "'%s': the container has one of that "
	                    "name already", name) : 0;
}

static int
set_up(int there, const struct addresses *all, const char *name,
       struct err *e)
{
	int index = find(there, name);

	if (index <= 0)
		return fail_sys(e, "'%s' in the container", name);
	if (give_addresses(there, all, index) < 0)
		return fail_sys(e, "addresses of '%s'", name);
	return raise_it(there, index) < 0 ? fail_sys(e, "'%s' up", name) : 0;
}

int
netdev_move(const char *from, const char *name, int space, struct err *e)
{
	AUTO(close) int here = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
	                              NETLINK_ROUTE);
	AUTO(close) int there = open_in(space, e);
	struct addresses all = { 0 };
	char chosen[IFNAMSIZ];
	int done = -1;

	if (there < 0)
		return -1;
	all.index = here < 0 ? -1 : find(here, from);
	if (all.index < 0)
		return fail_sys(e, "rtnetlink");
	if (all.index == 0)
		return fail(e, ENODEV, "'%s': no such interface", from);
	if (choose(there, name, chosen, e) < 0)
		return -1;
	if (find_addresses(here, &all) < 0)
		fail_sys(e, "addresses of '%s'", from);
	else if (hand_over(here, all.index, chosen, space) < 0)
		fail_sys(e, "'%s' into the container", from);
	else
		done = set_up(there, &all, chosen, e);
	auto_buf(&all.requests);
	return done;
}
