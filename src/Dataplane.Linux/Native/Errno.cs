namespace Dataplane.Linux.Native;

/// <summary>
/// Error numbers that this project handles or meets often (asm-generic/errno-base.h, asm-generic/errno.h).
/// </summary>
[KernelHeader("linux/errno.h errno.h")]
public static class Errno
{
    public const int EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, EIO = 5, EBADF = 9, EAGAIN = 11, ENOMEM = 12,
        EACCES = 13, EBUSY = 16, EEXIST = 17, ENOTDIR = 20;
    public const int ENODEV = 19, EINVAL = 22, ENFILE = 23, EMFILE = 24, ENOSPC = 28, EROFS = 30, ERANGE = 34,
        ELOOP = 40;
    public const int EPROTONOSUPPORT = 93, EMSGSIZE = 90, EOPNOTSUPP = 95, EAFNOSUPPORT = 97, EADDRINUSE = 98,
        EADDRNOTAVAIL = 99;
    public const int ENETDOWN = 100, ENETUNREACH = 101, ENOBUFS = 105, ENOTCONN = 107, EHOSTUNREACH = 113,
        ERESTART = 85, EDQUOT = 122;

    /// <summary>
    /// The symbolic name, for example <c>EEXIST</c>; <c>E?</c> for a number this table does not know.
    /// </summary>
    public static string Name(int errno) => errno switch
    {
        EPERM => nameof(EPERM),
        ENOENT => nameof(ENOENT),
        ESRCH => nameof(ESRCH),
        EINTR => nameof(EINTR),
        EIO => nameof(EIO),
        6 => "ENXIO",
        7 => "E2BIG",
        EBADF => nameof(EBADF),
        EAGAIN => nameof(EAGAIN),
        ENOMEM => nameof(ENOMEM),
        EACCES => nameof(EACCES),
        14 => "EFAULT",
        EBUSY => nameof(EBUSY),
        EEXIST => nameof(EEXIST),
        18 => "EXDEV",
        ENODEV => nameof(ENODEV),
        ENOTDIR => nameof(ENOTDIR),
        21 => "EISDIR",
        EINVAL => nameof(EINVAL),
        ENFILE => nameof(ENFILE),
        EMFILE => nameof(EMFILE),
        25 => "ENOTTY",
        27 => "EFBIG",
        ENOSPC => nameof(ENOSPC),
        EROFS => nameof(EROFS),
        31 => "EMLINK",
        32 => "EPIPE",
        ERANGE => nameof(ERANGE),
        36 => "ENAMETOOLONG",
        38 => "ENOSYS",
        ELOOP => nameof(ELOOP),
        61 => "ENODATA",
        71 => "EPROTO",
        74 => "EBADMSG",
        75 => "EOVERFLOW",
        ERESTART => nameof(ERESTART),
        88 => "ENOTSOCK",
        EMSGSIZE => nameof(EMSGSIZE),
        92 => "ENOPROTOOPT",
        EPROTONOSUPPORT => nameof(EPROTONOSUPPORT),
        EOPNOTSUPP => nameof(EOPNOTSUPP),
        EAFNOSUPPORT => nameof(EAFNOSUPPORT),
        EADDRINUSE => nameof(EADDRINUSE),
        EADDRNOTAVAIL => nameof(EADDRNOTAVAIL),
        ENETDOWN => nameof(ENETDOWN),
        ENETUNREACH => nameof(ENETUNREACH),
        ENOBUFS => nameof(ENOBUFS),
        ENOTCONN => nameof(ENOTCONN),
        110 => "ETIMEDOUT",
        111 => "ECONNREFUSED",
        EHOSTUNREACH => nameof(EHOSTUNREACH),
        _ => "E?",
    };
}
