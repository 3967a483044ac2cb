namespace AX2Caption.Grains.Media;

internal enum MediaTool
{
    Ffprobe,
    Ffmpeg,
}
