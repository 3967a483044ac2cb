namespace AX2Caption.Grains.Media;

/// <summary>Why media is refused: stable codes.</summary>
internal static class MediaRejection
{
    /// <summary>The file is of no container format that is accepted: text, an empty file, a playlist, an image.</summary>
    public const string NotMedia = "not_media";

    /// <summary>The file plays, but has no audio stream.</summary>
    public const string NoAudio = "no_audio";

    /// <summary>The audio is of a codec that is not decoded here.</summary>
    public const string CodecNotSupported = "codec_not_supported";

    /// <summary>The audio is longer than what is captioned.</summary>
    public const string MediaTooLong = "media_too_long";

    /// <summary>The container is known but broken: an mp4 cut off before its index, audio without a single packet, an unknown codec.</summary>
    public const string MediaUnreadable = "media_unreadable";

    /// <summary>Too many streams, too large a picture, or more memory or processor time than one file may take.</summary>
    public const string MediaTooComplex = "media_too_complex";
}
