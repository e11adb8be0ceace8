# Who has a file open: the Restart Manager of Windows knows, and only its API tells. C# 5, which is what Add-Type of 5.1 compiles.
$SpeRestartManager = @'
using System;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.ComTypes;
using System.Text;

namespace SpeElsa
{
    public sealed class FileOwner
    {
        public int ProcessId;
        public string Name;
        public string Service;
    }

    public sealed class RestartManager
    {
        private const int MoreData = 234;

        [StructLayout(LayoutKind.Sequential)]
        private struct UniqueProcess
        {
            public int ProcessId;
            public FILETIME Started;
        }

        [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
        private struct ProcessInfo
        {
            public UniqueProcess Process;
            [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 256)] public string Name;
            [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 64)] public string Service;
            public int Kind;
            public uint Status;
            public uint Session;
            [MarshalAs(UnmanagedType.Bool)] public bool CanRestart;
        }

        [DllImport("rstrtmgr.dll", CharSet = CharSet.Unicode)]
        private static extern int RmStartSession(out uint session, int flags, StringBuilder key);

        [DllImport("rstrtmgr.dll", CharSet = CharSet.Unicode)]
        private static extern int RmRegisterResources(
            uint session, uint fileCount, string[] files, uint processCount, IntPtr processes, uint serviceCount, string[] services);

        [DllImport("rstrtmgr.dll")]
        private static extern int RmGetList(uint session, out uint needed, ref uint count, [In, Out] ProcessInfo[] found, out uint reasons);

        [DllImport("rstrtmgr.dll")]
        private static extern int RmEndSession(uint session);

        public FileOwner[] Find(string path)
        {
            uint session;
            Check(RmStartSession(out session, 0, new StringBuilder(33)));
            try
            {
                Check(RmRegisterResources(session, 1, new string[] { path }, 0, IntPtr.Zero, 0, null));
                uint count = 0;
                ProcessInfo[] found = null;
                for (int round = 0; round < 10; round++)
                {
                    uint needed;
                    uint reasons;
                    int result = RmGetList(session, out needed, ref count, found, out reasons);
                    if (result == MoreData)
                    {
                        count = needed;
                        found = new ProcessInfo[needed];
                        continue;
                    }

                    Check(result);
                    FileOwner[] owners = new FileOwner[found == null ? 0 : count];
                    for (int i = 0; i < owners.Length; i++)
                    {
                        FileOwner owner = new FileOwner();
                        owner.ProcessId = found[i].Process.ProcessId;
                        owner.Name = found[i].Name;
                        owner.Service = found[i].Service;
                        owners[i] = owner;
                    }

                    return owners;
                }

                throw new InvalidOperationException("The list of owners does not settle.");
            }
            finally
            {
                RmEndSession(session);
            }
        }

        private static void Check(int result)
        {
            if (result != 0)
            {
                throw new System.ComponentModel.Win32Exception(result);
            }
        }
    }
}
'@
